-- What the counters count, from the events: the same numbers, unless duplicates are removed (deduplicationSeconds).
WITH hours AS (
  SELECT date_trunc('hour', happened_at) AS window_start, type, page, element, referrerHost, deviceClass, isBot, late,
    CASE WHEN status BETWEEN 100 AND 599 THEN CAST(floor(status / 100.0) AS bigint) END AS hundreds
  FROM events
),
counted AS (
  SELECT window_start, type, page, element, referrerHost, deviceClass, isBot, late, hundreds, count(*) AS count,
    grouping(type, page, element, referrerHost, deviceClass, isBot, late, hundreds) AS left_out
  FROM hours
  GROUP BY GROUPING SETS (
    (window_start), (window_start, type), (window_start, page), (window_start, element), (window_start, referrerHost),
    (window_start, deviceClass), (window_start, isBot), (window_start, late), (window_start, hundreds)
  )
),
named AS (
  SELECT window_start, count,
    CASE left_out WHEN 255 THEN 'total' WHEN 127 THEN 'type' WHEN 191 THEN 'page' WHEN 223 THEN 'element'
      WHEN 239 THEN 'referrer' WHEN 247 THEN 'device' WHEN 251 THEN 'bot' WHEN 253 THEN 'late' WHEN 254 THEN 'status'
    END AS dimension,
    CASE left_out WHEN 255 THEN 'all' WHEN 127 THEN type WHEN 191 THEN page WHEN 223 THEN element
      WHEN 239 THEN referrerHost WHEN 247 THEN deviceClass WHEN 251 THEN CASE WHEN isBot THEN 'bot' ELSE 'human' END
      WHEN 253 THEN CASE WHEN late THEN 'late' END WHEN 254 THEN concat(CAST(hundreds AS varchar), 'xx')
    END AS whole
  FROM counted
  WHERE left_out <> 254 OR hundreds IS NOT NULL
  UNION ALL
  SELECT date_trunc('hour', arrived_at) AS window_start, count(*) AS count, 'invalid' AS dimension, rejected AS whole
  FROM rejected_lines
  GROUP BY date_trunc('hour', arrived_at), rejected
)
-- As the counters name a value: of at most 200 bytes, and none is called (other).
SELECT window_start, dimension,
  from_utf8(from_hex(substr(to_hex(to_utf8(concat(
    CASE WHEN regexp_like(whole, '\A\\*\(other\)\z') THEN '\' ELSE '' END, whole))), 1, 400)), '') AS value,
  CAST(sum(count) AS bigint) AS count
FROM named
WHERE whole <> ''
GROUP BY 1, 2, 3
ORDER BY window_start, dimension, value
