export interface SettingsState {
  ttlSeconds: Record<string, number>;
  cacheEnabled: boolean;
  routineSaveSeconds: number;
  backup: { minimumMinutes: number; keepRoutine: number; sizeLimitMB: number };
}
