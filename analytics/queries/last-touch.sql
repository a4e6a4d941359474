-- Which campaign came last before visitors reached a goal? Name the goal's type in the first line.
WITH goal (type) AS (VALUES ('purchase')),
reached AS (
  SELECT events_once.visitorId, min(happened_ms) AS at_ms
  FROM events_once JOIN goal ON goal.type = events_once.type
  GROUP BY events_once.visitorId
)
SELECT campaign, count(*) AS visitors
FROM (
  SELECT reached.visitorId, max_by(campaign, happened_ms) AS campaign
  FROM events_once JOIN reached ON reached.visitorId = events_once.visitorId
  WHERE campaign <> '' AND happened_ms <= at_ms
  GROUP BY reached.visitorId
) AS touches
GROUP BY campaign
ORDER BY visitors DESC, campaign
