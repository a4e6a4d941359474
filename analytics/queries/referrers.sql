-- Which sites do visitors come from, and how far do they go? The first 50.
SELECT referrerHost AS site, count(*) AS sessions, avg(pages) AS pages, avg(seconds) AS seconds
FROM sessions
WHERE referrerHost <> '' AND NOT isBot
GROUP BY referrerHost
ORDER BY sessions DESC, site
LIMIT 50
