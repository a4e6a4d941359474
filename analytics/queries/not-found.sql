-- Which addresses were asked for in vain, and from where? For events of access logs. The first 50.
SELECT page, referrer, count(*) AS requests, max(happened_at) AS last_at
FROM page_views
WHERE status = 404
GROUP BY page, referrer
ORDER BY requests DESC, page, referrer
LIMIT 50
