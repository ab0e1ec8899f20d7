import { Client, isAccepted, type Accepted, type Refused } from '@loa/outside';
import { sow, type SeedCommand, type SowAnswer } from '@loa/seed';

/** Makes a world through the GraphQL door of a running system. @throws SowingRefused, and what the client throws */
export async function sowThrough(
  url: string,
  world: { readonly commands: readonly SeedCommand[] },
): Promise<void> {
  const client = new Client(url);
  try {
    await sow(
      world,
      async ({ contract, input, ...envelope }) => asAnswered(await client.command(contract, input, envelope)),
      { concurrency: 16 },
    );
  } finally {
    client.close();
  }
}

/** What GraphQL said, in the words of the contracts. */
function asAnswered(answer: Accepted | Refused): SowAnswer {
  if (isAccepted(answer)) return { status: 'accepted' };
  const code = answer.code.toLowerCase().replaceAll('_', '-');
  return { status: 'refused', code, message: { vi: answer.vi, en: answer.en } };
}
