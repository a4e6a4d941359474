/** A web site as the click generator needs it. */
export interface SiteModel {
  /** Scheme and host, which a page's path is added to where it becomes a referrer. */
  readonly origin: string;
  /** Mean over a day without its bursts; decides simulated time, not how fast events are sent. */
  readonly eventsPerSecond: number;
  readonly sessions: SiteSessions;
  readonly pages: readonly SitePage[];
  readonly devices: readonly SiteDevice[];
  /** Where visitors come from who do not come directly. */
  readonly referrers: readonly SiteReferrer[];
  readonly campaigns: readonly string[];
  /** 24 numbers: how busy each hour of the day (UTC) is in proportion to the others. */
  readonly diurnal: readonly number[];
  readonly bursts: readonly SiteBurst[];
}

export interface SiteSessions {
  /** Visitors under way at any time. */
  readonly atOnce: number;
  /** Mean length of a session. */
  readonly meanEvents: number;
  /** Of a person's events, those that are clicks on an element rather than another page. */
  readonly clickShare: number;
  /** Sessions of somebody who was here before. */
  readonly returningShare: number;
  /** Sessions without an external referrer. */
  readonly directShare: number;
  /** Of the others, those that belong to a campaign. */
  readonly campaignShare: number;
}

export interface SitePage {
  /** With `{n}` if `count` is above 1. */
  readonly path: string;
  readonly title?: string | undefined;
  /** How often visitors come here, in proportion to the other pages. */
  readonly weight: number;
  /** So many pages, `{n}` from 1 on, which share the weight as 1/n. */
  readonly count: number;
  /** What can be clicked. */
  readonly elements: readonly string[];
  /** Where visitors go from here: paths of pages, as they are written there, and weights. Without any: anywhere. */
  readonly links: Readonly<Record<string, number>>;
}

export interface SiteDevice {
  readonly userAgent: string;
  readonly weight: number;
  /** Reads pages, never clicks, and sends no referrer. */
  readonly bot: boolean;
}

export interface SiteReferrer {
  readonly url: string;
  readonly weight: number;
}

/** Every day from `at` (UTC, `hh:mm`) on, for so many minutes, there are `factor` times as many events. */
export interface SiteBurst {
  readonly at: string;
  readonly minutes: number;
  readonly factor: number;
  /** Where sessions begin meanwhile; a page's path as it is written there. */
  readonly page?: string | undefined;
}

export type SiteReading =
  | { readonly ok: true; readonly site: SiteModel }
  /** Each problem names the place, the value, and what is allowed. */
  | { readonly ok: false; readonly problems: readonly string[] };
