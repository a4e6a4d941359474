-- Who are the bots, by what they say of themselves? The first 50.
SELECT userAgent, count(*) AS events, count(DISTINCT visitorId) AS visitors, count(DISTINCT page) AS pages
FROM events_once
WHERE isBot
GROUP BY userAgent
ORDER BY events DESC, userAgent
LIMIT 50
