import { bacKanWorld } from '@loa/seed';
import { eventually } from '@loa/testing';
import type { Client } from './client.js';

export const world = bacKanWorld();
const { agencies, contents, channels } = world;

export const standing = agencies['so-noi-vu'].id;
export const issuer = agencies['ubnd-tinh'].id;
export const district = agencies['huyen-ba-be']!;
export const front = agencies['mttq-tinh'];
export const mobilisation = agencies['ban-dan-van'];
export const content = contents['thu-tuc-hanh-chinh'];
export const channel = channels['hoi-nghi'];

/** Visible within "a second or two": asked until it is so. */
export const soon = <T>(check: () => Promise<T>) => eventually(check, { within: 20_000 });

export interface System {
  client(): Client;
}
