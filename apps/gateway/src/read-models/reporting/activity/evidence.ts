import { StoredFile } from '@loa/contracts-reporting';
import { z } from 'zod';

/** A piece of evidence as the row keeps it. */
const Piece = z.object({
  id: z.string(),
  title: z.string(),
  link: z.string().optional(),
  file: StoredFile.optional(),
});
export type Piece = z.infer<typeof Piece>;

const pieces = z.array(Piece);

/** The list with one more piece at its end; a piece that is attached again replaces itself. */
export const attached = (kept: unknown, piece: Piece): Piece[] => [...withdrawn(kept, piece.id), piece];

export const withdrawn = (kept: unknown, id: string): Piece[] =>
  pieces.parse(kept).filter((piece) => piece.id !== id);
