-- On which pages do sessions end, and what share of those who saw the page left there? The first 50.
WITH ends AS (
  SELECT exit_page AS page, count(*) AS exits
  FROM sessions
  WHERE NOT isBot
  GROUP BY exit_page
),
seen AS (
  SELECT page, count(DISTINCT session) AS sessions
  FROM visits
  WHERE NOT isBot
  GROUP BY page
)
SELECT ends.page, exits, sessions, round(100.0 * exits / sessions, 1) AS percent
FROM ends JOIN seen ON seen.page = ends.page
ORDER BY exits DESC, ends.page
LIMIT 50
