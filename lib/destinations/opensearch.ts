import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { bufferingHints, type DeliveryPlan, retryOptions } from './delivery-plan';

/** A domain of Amazon OpenSearch Service with a public address, by its bulk API: an index a day. */
export const openSearch: DeliveryPlan = {
  // A bulk request has a line a document (AWS docs: Understand data delivery in Amazon Data Firehose).
  eventForm: 'document',
  metricName: 'AmazonOpenSearchService',
  statements: ({ destinationAddress: domain, destinationTarget: index }) => [
    // AWS docs: Grant Firehose access to a public OpenSearch Service destination. All that is written is an index of ours.
    new PolicyStatement({
      actions: ['es:DescribeDomain', 'es:DescribeDomainConfig', 'es:DescribeDomains'],
      resources: [domain],
    }),
    new PolicyStatement({
      actions: ['es:ESHttpPost', 'es:ESHttpPut'],
      resources: [domain, `${domain}/*`],
    }),
    new PolicyStatement({
      actions: ['es:ESHttpGet'],
      resources: [
        ...['_all/_settings', '_cluster/stats', `${index}*/_mapping/*`, '_nodes', '_nodes/stats'],
        ...['_nodes/*/stats', '_stats', `${index}*/_stats`],
      ].map((path) => `${domain}/${path}`),
    }),
  ],
  configure: (settings, common) => ({
    amazonopensearchserviceDestinationConfiguration: {
      ...common,
      domainArn: settings.destinationAddress,
      indexName: settings.destinationTarget,
      indexRotationPeriod: 'OneDay',
      // The same id at each attempt: what Firehose repeats replaces itself (API reference: DocumentIdOptions).
      documentIdOptions: { defaultDocumentIdFormat: 'FIREHOSE_DEFAULT' },
      bufferingHints: bufferingHints(settings),
      retryOptions: retryOptions(settings),
      s3BackupMode: 'FailedDocumentsOnly',
    },
  }),
};
