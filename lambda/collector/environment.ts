import { type Environment, environmentReader } from '../../domain/function/function-environment';
import {
  type CloudFrontMode,
  cloudFrontModes,
  CollectorEnvironment as names,
  none,
  type PrivacyControl,
  privacyControls,
  type VisitorIdSource,
  visitorIdSources,
} from './contract';

export interface CollectorSettings {
  readonly streamName: string;
  readonly saltTableName: string;
  /** `https://shop.example` */
  readonly origins: ReadonlySet<string>;
  readonly visitorIds: VisitorIdSource;
  readonly privacyControl: PrivacyControl;
  /** 0 for any number. */
  readonly eventsPerMinute: number;
  readonly cloudFront: CloudFrontMode;
  /** What CloudFront shows to be believed; undefined where nobody is. */
  readonly cloudFrontProof: string | undefined;
}

/** @throws Error that names the variable, its value and what is allowed */
export function readEnvironment(environment: Environment): CollectorSettings {
  const { text, whole, oneOf } = environmentReader(environment);
  const origins = text(names.origins);
  const cloudFront = oneOf(names.cloudFront, cloudFrontModes);
  const proof = text(names.cloudFrontProof);
  if (cloudFront !== 'off' && proof === none) {
    throw new Error(
      `environment variable ${names.cloudFrontProof} is "${none}": must be CloudFront's secret`,
    );
  }
  return {
    streamName: text(names.streamName),
    saltTableName: text(names.saltTableName),
    origins: new Set(origins === none ? [] : origins.split(',')),
    visitorIds: oneOf(names.visitorIds, visitorIdSources),
    privacyControl: oneOf(names.privacyControl, privacyControls),
    eventsPerMinute: whole(names.eventsPerMinute, 0, 'events'),
    cloudFront,
    cloudFrontProof: cloudFront === 'off' ? undefined : proof,
  };
}
