import { Button } from "../../components/ui/button.tsx";
import { Notice } from "../../components/ui/notice.tsx";

/** What a tab could not be told, and the way to ask again. */
export function TabFailure({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <Notice
      tone="bad"
      role="alert"
      className="m-3"
      title={error.message}
      actions={<Button onClick={onRetry}>Try again</Button>}
    />
  );
}
