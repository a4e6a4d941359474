import { type Direction, type Episode, episodesOf, holdHours, isGone } from './episodes';

/** The hours of a site that are judged, and those before, by which they are judged. */
export interface SiteHours {
  /** Each as long as the others: an hour an entry, without a gap. */
  readonly total: readonly number[];
  readonly types: ReadonlyMap<string, readonly number[]>;
  /** Those that are worth a look: the most visited. */
  readonly pages: ReadonlyMap<string, readonly number[]>;
  /** Distinct visitors, if they are counted. */
  readonly visitors?: readonly number[];
}

/** What an anomaly is of: the counts of the site, of a type, or of a page; or how many clicks a visitor makes. */
export const subjects = ['total', 'type', 'page', 'visitor'] as const;
export type Subject = (typeof subjects)[number];

/**
 * `high` and `low`: more or fewer clicks than usual. `gone`: a type or page of which next to nothing is left. `burst`: many
 * more clicks a visitor, as of a single one that makes most of them.
 */
export const anomalyKinds = ['high', 'low', 'gone', 'burst'] as const;
export type AnomalyKind = (typeof anomalyKinds)[number];

export interface Finding extends Omit<Episode, 'direction'> {
  readonly subject: Subject;
  /** The type or page; `all` otherwise. */
  readonly value: string;
  readonly kind: AnomalyKind;
  /** Whether it may go on: too few usual hours have followed. */
  readonly isOpen: boolean;
}

/**
 * What is unusual in the hours from an index on; by time, then by subject.
 *
 * A type or page that is unusual while the whole site is so in the same direction is no finding of its own: what stops the
 * site stops every page.
 */
export function findAnomalies(
  { total, types, pages, visitors }: SiteHours,
  from: number,
): readonly Finding[] {
  const ofTotal = episodesSince(total, from);
  const parts = (subject: Subject, series: ReadonlyMap<string, readonly number[]>): Finding[] =>
    [...series].flatMap(([value, counts]) =>
      episodesSince(counts, from)
        .filter((episode) => !ofTotal.some((whole) => covers(whole, episode)))
        .map((episode) => found(subject, value, isGone(episode) ? 'gone' : episode.direction, episode)),
    );
  const found = (subject: Subject, value: string, kind: AnomalyKind, episode: Episode): Finding => {
    const { direction: _said, ...rest } = episode;
    return { subject, value, kind, ...rest, isOpen: total.length - episode.to < holdHours };
  };
  const bursts = visitors ? episodesSince(total, from, visitors).filter(isHigh) : [];
  return [
    ...ofTotal.map((episode) => found('total', 'all', episode.direction, episode)),
    ...parts('type', types),
    ...parts('page', pages),
    ...bursts.map((episode) => found('visitor', 'all', 'burst', episode)),
  ].sort(
    (a, b) =>
      a.from - b.from ||
      subjects.indexOf(a.subject) - subjects.indexOf(b.subject) ||
      (a.value < b.value ? -1 : a.value > b.value ? 1 : 0),
  );
}

/** A series begins with its first click: what was not there before is new, and no anomaly. */
function episodesSince(counts: readonly number[], from: number, per?: readonly number[]): readonly Episode[] {
  const begin = counts.findIndex((count) => count > 0);
  if (begin < 0) return [];
  const series = { counts: counts.slice(begin), ...(per && { per: per.slice(begin) }) };
  return episodesOf(series, Math.max(from - begin, 0)).map((episode) => ({
    ...episode,
    from: episode.from + begin,
    to: episode.to + begin,
  }));
}

function isHigh({ direction }: { readonly direction: Direction }): boolean {
  return direction === 'high';
}

/** Whether an episode of the whole site explains one of a part, which may begin somewhat earlier or end later. */
function covers(whole: Episode, part: Episode): boolean {
  return (
    whole.direction === part.direction &&
    whole.from - holdHours <= part.from &&
    part.to <= whole.to + holdHours
  );
}
