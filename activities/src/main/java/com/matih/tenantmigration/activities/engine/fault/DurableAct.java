package com.matih.tenantmigration.activities.engine.fault;

import com.matih.tenantmigration.activities.engine.fault.FaultPoint.Moment;
import java.util.Locale;

/**
 * What an engine does that lasts, within a step of several such acts. Right before and right after
 * each is a {@link FaultPoint}.
 */
public enum DurableAct {
  CREATE_DATABASE,
  NAME_DATABASE,
  CHANGE_SHARED_TABLES,
  STORE_PART,
  COMMIT_ROWS,
  NOTE_STEP,
  COMMIT_ROUND,
  REMOVE_NOTES,
  WRITE_MANIFEST,

  CREATE_BUCKET,
  WRITE_OBJECT,
  DELETE_OBJECTS,
  RECORD_OBJECTS,

  CREATE_TOPIC,
  CONFIGURE_TOPIC,
  FENCE_WRITERS,
  COMMIT_RECORDS,
  DELETE_TOPIC,
  DELETE_GROUP,

  CREATE_INDEX,
  REPLACE_ALIAS,
  WRITE_DOCUMENTS,
  DELETE_INDEX,

  GRANT_WARMING,
  WRITE_KEYS,
  DELETE_KEYS;

  private final String words = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** How its points are named. */
  public String words() {
    return words;
  }

  /** Does it. */
  public <E extends Exception> void run(Action<E> act) throws E {
    FaultPoint.reached(words, Moment.BEFORE);
    act.run();
    FaultPoint.reached(words, Moment.AFTER);
  }

  /** Does it, and answers what it answered. */
  public <T, E extends Exception> T call(Question<T, E> act) throws E {
    FaultPoint.reached(words, Moment.BEFORE);
    T answer = act.call();
    FaultPoint.reached(words, Moment.AFTER);
    return answer;
  }

  /** What is done. */
  public interface Action<E extends Exception> {
    void run() throws E;
  }

  /** What is done and answers. */
  public interface Question<T, E extends Exception> {
    T call() throws E;
  }
}
