import { STATUS_CODES } from 'node:http';
import type { Reply } from './operations/context.ts';
import type { OperationId } from './operations/index.ts';

/** An operation of the REST API, or any question in GraphQL. */
export type Operation = OperationId | 'graphql';

/** Which requests a fault hits: the `nth` match since `fail` was called, and `times - 1` more. */
interface Aim {
  readonly method?: string;
  readonly operation?: Operation;
  readonly nth?: number;
  readonly times?: number;
}

export type Fault = Aim &
  (
    | {
        /** `after`: the write takes effect, and then the answer is an error. */
        readonly when?: 'before' | 'after';
        readonly status: number;
        readonly headers?: Readonly<Record<string, string>>;
        readonly body?: unknown;
      }
    | {
        /**
         * `-after`: the write takes effect, and then nobody hears of it; `silence`: the connection stays, and nothing comes;
         * `break-off`: the answer ends in its middle.
         */
        readonly when: 'drop-connection' | 'drop-after' | 'silence' | 'silence-after' | 'break-off' | 'break-off-after';
        readonly status?: never;
      }
  );

export interface FaultPlan {
  add(fault: Fault): void;
  /** The fault that this request runs into, if any; call it once a request. */
  next(request: { readonly method: string; readonly operation: Operation | null }): Fault | undefined;
}

export const planFaults = (): FaultPlan => {
  const planned: { readonly fault: Fault; seen: number }[] = [];
  return {
    add: (fault) => {
      planned.push({ fault, seen: 0 });
    },
    next: ({ method, operation }) => {
      let hit: Fault | undefined;
      // Each plan counts every request that it matches, even one that another plan answers.
      for (const plan of planned) {
        const { fault } = plan;
        if (fault.method !== undefined && fault.method.toUpperCase() !== method) continue;
        if (fault.operation !== undefined && fault.operation !== operation) continue;
        plan.seen += 1;
        const first = fault.nth ?? 1;
        if (plan.seen >= first && plan.seen < first + (fault.times ?? 1)) hit ??= fault;
      }
      return hit;
    },
  };
};

/** The answer that the client gets in the end, or what becomes of the connection instead. */
export const meet = (fault: Fault | undefined, act: () => Reply): Reply | 'drop' | 'silence' | 'break-off' => {
  switch (fault?.when) {
    case 'drop-connection':
      return 'drop';
    case 'drop-after':
      act();
      return 'drop';
    case 'silence':
      return 'silence';
    case 'silence-after':
      act();
      return 'silence';
    case 'break-off':
      return 'break-off';
    case 'break-off-after':
      act();
      return 'break-off';
    case 'after':
      act();
      return faultReply(fault);
    default:
      return fault === undefined ? act() : faultReply(fault);
  }
};

const faultReply = ({ status, headers, body }: Extract<Fault, { readonly status: number }>): Reply => ({
  status,
  ...(headers === undefined ? {} : { headers }),
  body: body ?? {
    message: STATUS_CODES[status] ?? 'Error',
    documentation_url: 'https://docs.github.com/rest',
    status: String(status),
  },
});
