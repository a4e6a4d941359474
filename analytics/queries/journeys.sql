-- With which three steps do sessions begin? The first 50.
SELECT first_page, second_page, third_page, count(*) AS sessions
FROM (
  SELECT session,
    max(CASE WHEN step = 1 THEN page END) AS first_page,
    max(CASE WHEN step = 2 THEN page END) AS second_page,
    max(CASE WHEN step = 3 THEN page END) AS third_page
  FROM visits
  WHERE NOT isBot
  GROUP BY session
) AS beginnings
GROUP BY first_page, second_page, third_page
ORDER BY sessions DESC, first_page, second_page, third_page
LIMIT 50
