-- How long after they happened do events arrive? Below zero, the sender's clock is ahead.
SELECT date_trunc('day', arrived_at) AS day, count(*) AS events,
  min(arrived_ms - happened_ms) AS least_ms,
  approx_percentile(arrived_ms - happened_ms, 0.5) AS median_ms,
  approx_percentile(arrived_ms - happened_ms, 0.99) AS p99_ms,
  max(arrived_ms - happened_ms) AS most_ms,
  count_if(arrived_ms < happened_ms) AS ahead,
  count_if(late) AS late
FROM events
GROUP BY date_trunc('day', arrived_at)
ORDER BY day
