package com.matih.tenantmigration.activities.engine.fault;

import com.matih.tenantmigration.activities.engine.fault.FaultPoint.Moment;
import com.matih.tenantmigration.workflow.StoreName;
import java.util.Locale;

/**
 * What an engine does that lasts, within a step of several such acts. Right before and right after
 * each is a {@link FaultPoint}.
 */
public enum DurableAct {
  CREATE_DATABASE(StoreName.POSTGRES),
  NAME_DATABASE(StoreName.POSTGRES),
  CHANGE_SHARED_TABLES(StoreName.POSTGRES),
  STORE_PART(StoreName.POSTGRES),
  COMMIT_ROWS(StoreName.POSTGRES),
  NOTE_STEP(StoreName.POSTGRES),
  COMMIT_ROUND(StoreName.POSTGRES),
  REMOVE_NOTES(StoreName.POSTGRES),
  WRITE_MANIFEST(StoreName.POSTGRES),

  CREATE_BUCKET(StoreName.OBJECT_STORAGE),
  WRITE_OBJECT(StoreName.OBJECT_STORAGE),
  DELETE_OBJECTS(StoreName.OBJECT_STORAGE),
  RECORD_OBJECTS(StoreName.OBJECT_STORAGE),

  CREATE_TOPIC(StoreName.KAFKA),
  CONFIGURE_TOPIC(StoreName.KAFKA),
  FENCE_WRITERS(StoreName.KAFKA),
  COMMIT_RECORDS(StoreName.KAFKA),
  DELETE_TOPIC(StoreName.KAFKA),
  DELETE_GROUP(StoreName.KAFKA),

  CREATE_INDEX(StoreName.ELASTICSEARCH),
  REPLACE_ALIAS(StoreName.ELASTICSEARCH),
  WRITE_DOCUMENTS(StoreName.ELASTICSEARCH),
  DELETE_INDEX(StoreName.ELASTICSEARCH),

  GRANT_WARMING(StoreName.REDIS),
  WRITE_KEYS(StoreName.REDIS),
  DELETE_KEYS(StoreName.REDIS);

  private final String words = name().toLowerCase(Locale.ROOT).replace('_', '-');

  private final StoreName store;

  DurableAct(StoreName store) {
    this.store = store;
  }

  public StoreName store() {
    return store;
  }

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
