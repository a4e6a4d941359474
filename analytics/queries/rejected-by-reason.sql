-- What was no event, why, and when last?
SELECT rejected, count(*) AS lines, max(arrived_at) AS last_at
FROM rejected_lines
GROUP BY rejected
ORDER BY lines DESC, rejected
