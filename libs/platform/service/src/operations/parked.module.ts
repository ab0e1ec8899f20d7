import { ParkedEvents } from '@loa/projections';
import { Module, type DynamicModule } from '@nestjs/common';
import { OPERATOR_TOKEN } from './operator.guard.js';
import { ParkedController } from './parked.controller.js';

/** What operators see and do about what a context has parked of others. */
@Module({})
export class ParkedModule {
  /** @param operatorToken undefined: nobody is let in */
  static forRoot(parked: ParkedEvents, operatorToken: string | undefined): DynamicModule {
    return {
      module: ParkedModule,
      controllers: [ParkedController],
      providers: [
        { provide: ParkedEvents, useValue: parked },
        { provide: OPERATOR_TOKEN, useValue: operatorToken },
      ],
    };
  }
}
