import type { Client, SmallWorld } from '@loa/outside';
import { bacKanWorld } from '@loa/seed';
import { eventually } from '@loa/testing';

export const world = bacKanWorld();
const { agencies, contents, channels, plan } = world;

export const standing = agencies['so-noi-vu'].id;
export const issuer = agencies['ubnd-tinh'].id;
export const district = agencies['huyen-ba-be']!;
export const neighbour = agencies['huyen-pac-nam']!;
export const front = agencies['mttq-tinh'];
export const mobilisation = agencies['ban-dan-van'];
export const content = contents['thu-tuc-hanh-chinh'];
export const channel = channels['hoi-nghi'];

/** A corner of the plan where work changes none of the figures that the story looks at. */
export const aside: SmallWorld = {
  standing,
  issuer,
  agency: neighbour.id,
  planId: plan.id,
  contentId: contents['the-che'].id,
  channelId: channels['trang-thong-tin'].id,
};

/** "Within a second or two": how long after its answer a command may be to be seen. */
export const VISIBLE_WITHIN_MS = 3_000;

/** Asked until it is so. @throws what `check` threw last when that takes longer than people should have to wait */
export const soon = <T>(check: () => Promise<T>) => eventually(check, { within: VISIBLE_WITHIN_MS });

export interface System {
  client(): Client;
  /** A breakdown that it must recover from by itself, for the middle of the story. */
  readonly breakdown?: Breakdown;
}

export interface Breakdown {
  readonly name: string;
  /** Resolves when the system runs again. */
  happens(): Promise<void>;
}
