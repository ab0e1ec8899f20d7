import { AddChannel } from '@loa/contracts-planning';
import { given } from '@loa/event-sourcing';
import { planDecider } from './plan.decider.js';
import {
  channel,
  channelAdded,
  contentAdded,
  drafted,
  drafter,
  issued,
  planId,
  stranger,
} from './plan.fixtures.js';

const add = { planId, agencyId: drafter, ...channel };

it('adds a channel and numbers it', () =>
  given(planDecider, drafted).when(AddChannel, add).emits(channelAdded));
it('refuses a channel twice', () =>
  given(planDecider, drafted, channelAdded)
    .when(AddChannel, add)
    .refuses('channel-exists', { field: 'channelId' }));
it('refuses another agency', () =>
  given(planDecider, drafted)
    .when(AddChannel, { ...add, agencyId: stranger })
    .refuses('not-the-drafter'));
it('refuses once issued', () =>
  given(planDecider, drafted, contentAdded, issued).when(AddChannel, add).refuses('already-issued'));
it('refuses without a plan', () => given(planDecider).when(AddChannel, add).refuses('plan-not-found'));
