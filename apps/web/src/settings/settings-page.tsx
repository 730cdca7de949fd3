import { PageHeader } from "../app/page-header.tsx";
import { useSettings } from "../app/queries.ts";
import { Centered } from "../components/centered.tsx";
import { Button } from "../components/ui/button.tsx";
import { AskingSettings } from "./asking-settings.tsx";
import { limitGroups } from "./limit-fields.ts";
import { LimitSettings } from "./limit-settings.tsx";
import { LookSettings } from "./look-settings.tsx";
import { ModelUsage } from "./model-usage.tsx";
import { ModelSettings } from "./model-settings.tsx";
import { OwnFactsSettings } from "./own-facts-settings.tsx";
import { SecretSettings } from "./secret-settings.tsx";
import { SystemFacts } from "./system-facts.tsx";

export function SettingsPage() {
  const settings = useSettings();
  return (
    <main className="flex min-w-0 flex-1 flex-col">
      <title>Settings · OpenHands</title>
      <PageHeader>
        <h1 className="font-semibold">Settings</h1>
      </PageHeader>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {settings.data ? (
          <div className="mx-auto flex w-full max-w-[560px] flex-col gap-10 px-4 py-8 md:px-6">
            <ModelSettings settings={settings.data} />
            <OwnFactsSettings key={settings.data.effective_llm_model} settings={settings.data} />
            <AskingSettings settings={settings.data} />
            <SecretSettings />
            {limitGroups.map((group) => (
              <LimitSettings key={group.name} group={group} settings={settings.data} />
            ))}
            <LookSettings />
            <ModelUsage />
            <SystemFacts />
          </div>
        ) : settings.isError ? (
          <Centered title="The settings could not be read" text={settings.error.message}>
            <Button look="primary" onClick={() => void settings.refetch()}>
              Try again
            </Button>
          </Centered>
        ) : (
          <Centered title="Reading the settings" />
        )}
      </div>
    </main>
  );
}
