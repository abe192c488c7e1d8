package com.matih.tenantmigration.activities.postgres.sessions;

/**
 * A session that should have ended and did not.
 *
 * @param why what kept it, for people
 */
public record LeftSession(int pid, String user, String application, String why) {

  @Override
  public String toString() {
    return "pid %d (user %s, application '%s'): %s".formatted(pid, user, application, why);
  }
}
