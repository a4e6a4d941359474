-- Which pages are seen most, and on which kind of device? The first 50.
SELECT page, deviceClass AS device, count(*) AS views, count(DISTINCT visitorId) AS visitors
FROM page_views
WHERE NOT isBot
GROUP BY page, deviceClass
ORDER BY views DESC, page, device
LIMIT 50
