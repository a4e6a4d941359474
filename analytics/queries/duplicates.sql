-- Which events did their senders send more than once, and how far apart? The first 50.
SELECT eventId, type, count(*) AS copies, max(arrived_ms) - min(arrived_ms) AS apart_ms, min(arrived_at) AS first_at
FROM events
GROUP BY eventId, type
HAVING count(*) > 1
ORDER BY copies DESC, eventId
LIMIT 50
