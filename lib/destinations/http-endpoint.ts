import { bufferingHints, type DeliveryPlan, retryOptions, secretOf } from './delivery-plan';

/** Firehose's own protocol over https, as MongoDB's and many others' receivers speak it. */
export const httpEndpoint: DeliveryPlan = {
  eventForm: 'lines',
  metricName: 'HttpEndpoint',
  statements: () => [],
  configure: (settings, common) => ({
    httpEndpointDestinationConfiguration: {
      ...common,
      endpointConfiguration: { url: settings.destinationAddress },
      requestConfiguration: { contentEncoding: 'GZIP' },
      bufferingHints: bufferingHints(settings),
      retryOptions: retryOptions(settings),
      secretsManagerConfiguration: secretOf(settings, common),
      s3BackupMode: 'FailedDataOnly',
    },
  }),
};
