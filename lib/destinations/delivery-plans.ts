import type { DestinationKind } from '../settings';
import type { DeliveryPlan } from './delivery-plan';
import { httpEndpoint } from './http-endpoint';
import { openSearch } from './opensearch';
import { redshift } from './redshift';
import { splunk } from './splunk';

export const deliveryPlans: Readonly<Record<Exclude<DestinationKind, 'off'>, DeliveryPlan>> = {
  http: httpEndpoint,
  opensearch: openSearch,
  splunk,
  redshift,
};
