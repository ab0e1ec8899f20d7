import type { Projection, ReadTable } from '@loa/projections';
import { connectionSdl } from './connection.js';
import { FreshnessResolver, freshnessSdl } from './freshness/freshness.resolver.js';
import { BoardResolver, boardSdl } from './monitoring/board/board.resolver.js';
import { CoverageResolver, coverageSdl } from './monitoring/coverage/coverage.resolver.js';
import { IndicatorResolver, indicatorSdl } from './monitoring/indicator/indicator.resolver.js';
import { indicators } from './monitoring/indicator/indicator.js';
import { AgencyResolver, agencySdl } from './planning/agency/agency.resolver.js';
import { agencies } from './planning/agency/agency.js';
import { PlanResolver, planSdl } from './planning/plan/plan.resolver.js';
import { plans } from './planning/plan/plan.js';
import { ActivityResolver, activitySdl } from './reporting/activity/activity.resolver.js';
import { activities } from './reporting/activity/activity.js';

/** What the events of all contexts are turned into. Coverage and board are questions over the same rows. */
export const readModelProjections: readonly Projection[] = [agencies, plans, activities, indicators];

/** Every read table; TypeORM compares the migrations with them. */
export const readModelTables: readonly ReadTable[] = readModelProjections.flatMap(({ tables }) => tables);

/** The classes that answer the queries. */
export const readModelResolvers = [
  AgencyResolver,
  PlanResolver,
  ActivityResolver,
  IndicatorResolver,
  CoverageResolver,
  BoardResolver,
  FreshnessResolver,
];

/** SDL of the queries; it stands on `edgeTypeDefs` and on the enums of the commands. */
export const readModelSdl: readonly string[] = [
  connectionSdl,
  agencySdl,
  planSdl,
  activitySdl,
  indicatorSdl,
  coverageSdl,
  boardSdl,
  freshnessSdl,
];
