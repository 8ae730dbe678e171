import { useQuery } from "@tanstack/react-query";
import { paths } from "@/app/paths";
import { Section } from "@/components/ui/section";
import { meQuery } from "@/features/session/queries";
import { day } from "@/lib/format";
import { LimitMeter } from "./limit-meter";
import { meters } from "./limits";

/** How often the limits are looked at again while somebody looks at them, in milliseconds. */
const LOOK_AGAIN = 30_000;

/** The plans as people call them. */
const plans: Record<string, string> = { free: "Free", pro: "Pro" };

/** Whose account it is, and what its plan allows. */
export function ProfileSection() {
  const { data: me } = useQuery({ ...meQuery, refetchInterval: LOOK_AGAIN });
  if (!me) return null;
  return (
    <Section
      className="mt-8"
      title="Account"
      description={
        <>
          What is left of your plan.{" "}
          <a className="link" href={paths.docs}>
            Read how limits count
          </a>
        </>
      }
    >
      <div className="panel p-4 sm:p-6">
        <dl className="flex flex-wrap gap-x-10 gap-y-3 text-sm">
          <div className="min-w-0">
            <dt className="text-xs text-muted">E-mail address</dt>
            <dd className="font-semibold break-all">{me.email}</dd>
          </div>
          {me.created_at && (
            <div>
              <dt className="text-xs text-muted">Member since</dt>
              <dd>{day(me.created_at)}</dd>
            </div>
          )}
          <div>
            <dt className="text-xs text-muted">Plan</dt>
            <dd>{plans[me.plan] ?? me.plan}</dd>
          </div>
        </dl>
        <ul
          aria-label="Limits"
          className="mt-6 grid gap-6 border-t border-hairline pt-6 text-sm sm:grid-cols-2 lg:grid-cols-4"
        >
          {meters(me.limits).map((meter) => (
            <LimitMeter key={meter.name} meter={meter} />
          ))}
        </ul>
      </div>
    </Section>
  );
}
