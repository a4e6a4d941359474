import { bufferingHints, type DeliveryPlan, retryOptions, secretOf } from './delivery-plan';

/** Splunk's HTTP Event Collector, with its acknowledgement that events are indexed. */
export const splunk: DeliveryPlan = {
  eventForm: 'lines',
  metricName: 'Splunk',
  statements: () => [],
  configure: (settings, { roleArn, ...common }) => ({
    splunkDestinationConfiguration: {
      ...common,
      hecEndpoint: settings.destinationAddress,
      // Lines as they are: an event of HEC's own form would need a function of its own, and says no more.
      hecEndpointType: 'Raw',
      hecAcknowledgmentTimeoutInSeconds: 300,
      bufferingHints: bufferingHints(settings),
      retryOptions: retryOptions(settings),
      secretsManagerConfiguration: secretOf(settings, { roleArn, ...common }),
      s3BackupMode: 'FailedEventsOnly',
    },
  }),
};
