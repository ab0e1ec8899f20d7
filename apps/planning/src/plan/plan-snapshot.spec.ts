import { fold } from '@loa/event-sourcing';
import { planDecider } from './plan.decider.js';
import { assigned, channelAdded, contentAdded, drafted, issued } from './plan.fixtures.js';
import { planSnapshot } from './plan-snapshot.js';

const facts = [drafted, contentAdded, channelAdded, assigned, issued];

it.each(facts.map((_, length) => length).concat(facts.length))(
  'a plan of %d facts is the same after it was kept as JSON',
  (length) => {
    const plan = fold(planDecider, facts.slice(0, length));
    const kept: unknown = JSON.parse(JSON.stringify(planSnapshot.keep(plan)));
    expect(planSnapshot.restore(kept)).toEqual(plan);
  },
);
