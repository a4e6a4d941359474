/**
 * Functions of Trino, and so of Athena, that DuckDB has by other names or not at all. With them one text of a view or a
 * question runs in both.
 *
 * `from_iso8601_timestamp` takes every form that the pipeline's parser takes and, as Trino's, cuts below a millisecond.
 * DuckDB's own cast rounds at the seventh digit, and knows neither a comma nor a time without seconds.
 */
export const dialect: readonly string[] = [
  String.raw`CREATE MACRO iso_plain(t) AS
    try_cast(regexp_replace(
      regexp_replace(t, '(T\d{2}:\d{2})([Z+-])', '\1:00\2'),
      '[.,](\d{1,3})\d*', '.\1') AS TIMESTAMPTZ)`,
  `CREATE MACRO from_iso8601_timestamp(t) AS
    CASE WHEN length(t) = 24 AND ends_with(t, 'Z') AND contains(t, '.') THEN try_cast(t AS TIMESTAMPTZ) ELSE iso_plain(t) END`,
  'CREATE MACRO to_unixtime(t) AS epoch_ms(t) / 1000.0',
  'CREATE MACRO at_timezone(t, zone) AS timezone(zone, t)',
  'CREATE MACRO approx_distinct(x) AS approx_count_distinct(x)',
  'CREATE MACRO approx_percentile(x, share) AS approx_quantile(x, share)',
  'CREATE MACRO regexp_like(t, pattern) AS regexp_matches(t, pattern)',
  'CREATE MACRO cardinality(list) AS len(list)',
  'CREATE MACRO to_utf8(t) AS encode(t)',
  // Trino's replaces bytes that are no character; where a text was cut, those are the first ones of its last character.
  String.raw`CREATE MACRO from_utf8(bytes, replacement) AS
    decode(from_hex(regexp_replace(to_hex(bytes), '^((?:..)*?)(?:[CD].|E.(?:[89AB].)?|F.(?:[89AB].){0,2})$', '\1')))`,
];
