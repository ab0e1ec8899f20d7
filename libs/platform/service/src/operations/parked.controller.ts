import { isTransient } from '@loa/database';
import { ParkedEvents, type ParkedEvent, type ParkedOutcome } from '@loa/projections';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  HttpException,
  Inject,
  Post,
  Query,
  UseGuards,
} from '@nestjs/common';
import { z } from 'zod';
import { problemBody, problems } from '../refusal-http.js';
import { OperatorGuard } from './operator.guard.js';

const position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const source = z.string().regex(/^[a-z]+$/);
const by = z.string().min(1).max(100);
const streamId = z.uuid();

// One more than a page of the gateway: so it sees whether there is a next one.
const MOST = 101;
const Page = z
  .strictObject({
    first: z.coerce.number().int().min(1).max(MOST),
    source: source.optional(),
    position: position.optional(),
    streamId: streamId.optional(),
  })
  .refine((page) => (page.source === undefined) === (page.position === undefined));
const Counted = z.strictObject({ streamId: streamId.optional() });
const Retry = z.strictObject({ streamId, by });
const Drop = z.strictObject({ source, position, reason: z.string().min(1).max(500), by });

/**
 * What a context has parked of others, for operators; the gateway asks here. `GET /operations/parked` a page in the
 * order of source and position, behind `source` and `position` when they are given; `GET …/count`; `POST …/retry` and
 * `POST …/drop` wait some seconds for the outcome, see ParkedEvents.
 */
@Controller('operations/parked')
@UseGuards(OperatorGuard)
export class ParkedController {
  constructor(@Inject(ParkedEvents) private readonly parked: ParkedEvents) {}

  @Get()
  async list(@Query() query: unknown): Promise<{ readonly events: readonly ParkedEvent[] }> {
    const { first, source: of, position: at, streamId: stream } = asked(Page, query);
    const after = of !== undefined && at !== undefined ? { source: of, position: at } : undefined;
    return { events: await answered(this.parked.list(first, after, stream)) };
  }

  @Get('count')
  async count(@Query() query: unknown): Promise<{ readonly count: number }> {
    return { count: await answered(this.parked.count(asked(Counted, query).streamId)) };
  }

  @Post('retry')
  @HttpCode(200)
  retry(@Body() body: unknown): Promise<ParkedOutcome> {
    const wanted = asked(Retry, body);
    return answered(this.parked.retry(wanted.streamId, wanted.by));
  }

  @Post('drop')
  @HttpCode(200)
  drop(@Body() body: unknown): Promise<ParkedOutcome> {
    const { reason, by: who, ...at } = asked(Drop, body);
    return answered(this.parked.drop(at, reason, who));
  }
}

/** @throws HttpException 400 */
function asked<T extends z.ZodType>(schema: T, given: unknown): z.output<T> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw problem(problems.malformedOperation);
}

/** @throws HttpException 503 while the database is away */
async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isTransient(error)) throw error;
    throw problem(problems.databaseAway);
  }
}

const problem = (of: (typeof problems)[keyof typeof problems]) => new HttpException(problemBody(of), of.http);
