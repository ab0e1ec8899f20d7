import type { System } from './cast.js';
import { tellOfOwnWrites } from './own-writes.js';
import { tellOfThePlan } from './story-of-the-plan.js';
import { tellOfTheReports } from './story-of-the-reports.js';

/** What a province does with its plan, from the directory to the figures. The same on every way of running. */
export function tellStory(system: System): void {
  tellOfThePlan(system);
  tellOfTheReports(system);
  tellOfOwnWrites(system);
}
