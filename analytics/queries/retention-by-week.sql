-- Of the visitors who came first in a week, how many came back in the weeks after it?
WITH seen AS (
  SELECT DISTINCT visitorId, date_trunc('week', happened_at) AS week
  FROM events_once
  WHERE NOT isBot
),
cohorts AS (
  SELECT visitorId, min(week) AS first_week
  FROM seen
  GROUP BY visitorId
)
SELECT first_week, date_diff('week', first_week, week) AS weeks_later, count(*) AS visitors
FROM seen JOIN cohorts ON cohorts.visitorId = seen.visitorId
GROUP BY first_week, date_diff('week', first_week, week)
ORDER BY first_week, weeks_later
