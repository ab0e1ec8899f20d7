import { ChannelId, ContentId } from '@loa/contracts-planning';
import { count, id, instant, like, text, webAddress } from '@loa/event-sourcing';
import { z } from 'zod';

export const ActivityId = id('ActivityId', 'A communication activity.');
export const EvidenceId = id('EvidenceId', 'A piece of evidence of an activity.');

export const Audience = z.enum(['officials', 'citizens', 'businesses']).meta({
  id: 'Audience',
  description: 'officials: cán bộ, công chức, viên chức; citizens: người dân; businesses: doanh nghiệp.',
});

export const Period = z
  .object({ from: instant, to: instant })
  .meta({ id: 'Period', description: 'From and to, both included.' });

export const Reach = z
  .object({ audience: Audience, people: count(100_000_000) })
  .meta({ id: 'Reach', description: 'How many people of one audience were reached.' });

/** One figure an audience: two would have to be added, and nobody could say which was meant. */
export const Reaches = z
  .array(Reach)
  .max(3)
  .refine((reach) => new Set(reach.map(({ audience }) => audience)).size === reach.length, {
    error: 'repeated',
  });

export const StoredFile = z
  .object({
    sha256: z
      .string()
      .toLowerCase()
      .regex(/^[0-9a-f]{64}$/, like('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'))
      .meta({ description: 'SHA-256 of the bytes, 64 hexadecimal digits.' }),
    bytes: z
      .int()
      .min(1)
      .max(25 * 1024 * 1024),
    mediaType: z
      .string()
      .max(100)
      .regex(/^[\w.+-]+\/[\w.+-]+$/, like('application/pdf', 'image/jpeg')),
    name: text(255),
  })
  .meta({ id: 'StoredFile', description: 'A file that was uploaded to /files.' });

export const Evidence = z
  .object({
    evidenceId: EvidenceId,
    title: text(300),
    link: webAddress.optional(),
    file: StoredFile.optional(),
  })
  .meta({ id: 'Evidence', description: 'What proves the activity: a link or an uploaded file.' });

/** What an agency says of an activity; all of it can be corrected until it is verified. */
export const activityFields = {
  contentId: ContentId,
  channelId: ChannelId,
  title: text(500),
  held: Period,
  place: text(300),
  quantity: z.int().min(1).max(1_000_000).meta({ description: 'How many, in the unit of the channel.' }),
  reach: Reaches,
};
