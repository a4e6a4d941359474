-- How many people came, each counted once a day?
SELECT date_trunc('day', happened_at) AS day, count(DISTINCT visitorId) AS visitors,
  count(DISTINCT CASE WHEN sessionId <> '' THEN sessionId END) AS sessions, count(*) AS events
FROM events_once
WHERE NOT isBot
GROUP BY date_trunc('day', happened_at)
ORDER BY day
