-- How many sessions go through three pages, in this order? Name yours in the first lines.
WITH funnel (first_page, second_page, third_page) AS (VALUES ('/', '/products', '/checkout')),
first_step AS (
  SELECT session, min(step) AS step
  FROM visits CROSS JOIN funnel
  WHERE page = first_page
  GROUP BY session
),
second_step AS (
  SELECT visits.session, min(visits.step) AS step
  FROM visits CROSS JOIN funnel
  JOIN first_step ON first_step.session = visits.session AND first_step.step < visits.step
  WHERE page = second_page
  GROUP BY visits.session
),
third_step AS (
  SELECT visits.session, min(visits.step) AS step
  FROM visits CROSS JOIN funnel
  JOIN second_step ON second_step.session = visits.session AND second_step.step < visits.step
  WHERE page = third_page
  GROUP BY visits.session
)
SELECT 1 AS step, (SELECT first_page FROM funnel) AS page, count(*) AS sessions FROM first_step
UNION ALL
SELECT 2 AS step, (SELECT second_page FROM funnel) AS page, count(*) AS sessions FROM second_step
UNION ALL
SELECT 3 AS step, (SELECT third_page FROM funnel) AS page, count(*) AS sessions FROM third_step
ORDER BY step
