import { type DeliveryPlan, retryOptions, secretOf } from './delivery-plan';

/**
 * Members by name whatever their case, since Redshift's columns are in lower case; instants in ISO 8601; what is longer
 * than its column is cut (Redshift docs: COPY, data format and data conversion parameters).
 */
export const copyOptions = "FORMAT AS JSON 'auto ignorecase' GZIP TIMEFORMAT 'auto' TRUNCATECOLUMNS";

/** A table of Redshift, by COPY of objects that lie in S3 first. */
export const redshift: DeliveryPlan = {
  eventForm: 'lines',
  metricName: 'Redshift',
  statements: () => [],
  configure: (settings, common) => ({
    redshiftDestinationConfiguration: {
      ...common,
      clusterJdbcurl: settings.destinationAddress,
      copyCommand: { dataTableName: settings.destinationTarget, copyOptions },
      retryOptions: retryOptions(settings),
      secretsManagerConfiguration: secretOf(settings, common),
    },
  }),
};
