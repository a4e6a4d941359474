-- How long are sessions, and how many pages do they see?
SELECT length, count(*) AS sessions, avg(pages) AS pages
FROM (
  SELECT pages,
    CASE
      WHEN events = 1 THEN '1: one event'
      WHEN seconds < 60 THEN '2: below a minute'
      WHEN seconds < 600 THEN '3: below 10 minutes'
      WHEN seconds < 3600 THEN '4: below an hour'
      ELSE '5: an hour or more'
    END AS length
  FROM sessions
  WHERE NOT isBot
) AS measured
GROUP BY length
ORDER BY length
