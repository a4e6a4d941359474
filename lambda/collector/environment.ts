import { type Environment, environmentReader } from '../../domain/function/function-environment';
import {
  CollectorEnvironment as names,
  noOrigins,
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
}

/** @throws Error that names the variable, its value and what is allowed */
export function readEnvironment(environment: Environment): CollectorSettings {
  const { text, whole, oneOf } = environmentReader(environment);
  const origins = text(names.origins);
  return {
    streamName: text(names.streamName),
    saltTableName: text(names.saltTableName),
    origins: new Set(origins === noOrigins ? [] : origins.split(',')),
    visitorIds: oneOf(names.visitorIds, visitorIdSources),
    privacyControl: oneOf(names.privacyControl, privacyControls),
    eventsPerMinute: whole(names.eventsPerMinute, 0, 'events'),
  };
}
