-- What the counters count, from the events: the same numbers, unless duplicates are removed (deduplicationSeconds).
WITH counted AS (
  SELECT 'total' AS dimension, 'all' AS value, happened_at AS counted_at FROM events
  UNION ALL SELECT 'type' AS dimension, type AS value, happened_at AS counted_at FROM events
  UNION ALL SELECT 'page' AS dimension, page AS value, happened_at AS counted_at FROM events
  UNION ALL SELECT 'element' AS dimension, element AS value, happened_at AS counted_at FROM events WHERE element <> ''
  UNION ALL SELECT 'referrer' AS dimension, referrerHost AS value, happened_at AS counted_at FROM events WHERE referrerHost <> ''
  UNION ALL SELECT 'device' AS dimension, deviceClass AS value, happened_at AS counted_at FROM events
  UNION ALL SELECT 'bot' AS dimension, CASE WHEN isBot THEN 'bot' ELSE 'human' END AS value, happened_at AS counted_at FROM events
  UNION ALL SELECT 'status' AS dimension, concat(CAST(CAST(floor(status / 100.0) AS bigint) AS varchar), 'xx') AS value, happened_at AS counted_at
    FROM events WHERE status BETWEEN 100 AND 599
  UNION ALL SELECT 'late' AS dimension, 'late' AS value, happened_at AS counted_at FROM events WHERE late
  UNION ALL SELECT 'invalid' AS dimension, rejected AS value, arrived_at AS counted_at FROM rejected_lines
)
SELECT date_trunc('hour', counted_at) AS window_start, dimension, value, count(*) AS count
FROM counted
GROUP BY date_trunc('hour', counted_at), dimension, value
ORDER BY window_start, dimension, value
