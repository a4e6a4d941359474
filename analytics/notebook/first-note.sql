-- The first note of a Studio notebook over the click stream: paste each part into a paragraph of its own, which begins
-- with %flink.ssql (for answers that go on, %flink.ssql(type=update)). Put in the stream's name (output StreamName) and
-- your Region. Tables made here have names that begin with live_: the notebook may make no others.

CREATE TABLE live_clicks (
  eventId STRING,
  type STRING,
  visitorId STRING,
  page STRING,
  userAgent STRING,
  `timestamp` STRING,
  arrived_at TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR arrived_at AS arrived_at - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kinesis',
  'stream' = 'the stream''s name',
  'aws.region' = 'your Region',
  'scan.stream.initpos' = 'LATEST',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true'
);

-- Pages of the last minute, every ten seconds. A record of several events is read as one: the counters are exact, this is
-- a look at what flows by.
SELECT page, count(*) AS clicks, window_end
FROM TABLE(HOP(TABLE live_clicks, DESCRIPTOR(arrived_at), INTERVAL '10' SECOND, INTERVAL '1' MINUTE))
GROUP BY page, window_start, window_end;
