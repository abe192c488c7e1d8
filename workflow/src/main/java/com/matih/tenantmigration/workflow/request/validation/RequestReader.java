package com.matih.tenantmigration.workflow.request.validation;

import com.fasterxml.jackson.core.JsonFactory;
import com.matih.tenantmigration.workflow.input.InputProblem;
import com.matih.tenantmigration.workflow.input.InputReading;
import com.matih.tenantmigration.workflow.input.RecordReader;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import java.util.ArrayList;
import java.util.List;

/** Reads a request from YAML or JSON and names everything that is wrong with it at once. */
public final class RequestReader {

  /** Temporal's own bound for one payload, in bytes. */
  private static final int MOST_CHARACTERS_OF_INPUT = 2 * 1024 * 1024;

  private static final String MODE = "mode";

  /** One for all: each workflow task may begin with reading the input. */
  private static final RequestReader OF_INPUT =
      new RequestReader(new RecordReader(new JsonFactory(), MOST_CHARACTERS_OF_INPUT), false);

  private final RecordReader reader;
  private final boolean isForPeople;

  /**
   * Reads what people write, whose migrations are online unless they say otherwise.
   *
   * @param format a {@code YAMLFactory}, which reads JSON as well, or a plain {@code JsonFactory}
   */
  public RequestReader(JsonFactory format) {
    this(new RecordReader(format), true);
  }

  private RequestReader(RecordReader reader, boolean isForPeople) {
    this.reader = reader;
    this.isForPeople = isForPeople;
  }

  /**
   * Reads what Temporal handed over: JSON, in which a request takes more room than in YAML. It may
   * have been written before there were modes.
   */
  public static RequestReader ofInput() {
    return OF_INPUT;
  }

  /** Reads a text. Never throws for what is written in it. */
  public RequestReading read(String text) {
    InputReading<MigrationRequest> reading = reader.read(text, MigrationRequest.class);
    List<RequestProblem> problems = new ArrayList<>();
    for (InputProblem problem : reading.problems()) {
      problems.add(new RequestProblem(problem.path(), problem.problem(), problem.remedy()));
    }
    boolean saysMode = reading.keys().contains(MODE);
    MigrationRequest request = reading.value();
    if (request != null) {
      request = saysMode || !isForPeople ? request : request.in(Mode.ONLINE);
      for (RequestProblem problem : RequestProblems.of(request)) {
        if (reading.problems().stream().noneMatch(known -> explains(known, problem))) {
          problems.add(problem);
        }
      }
    }
    return new RequestReading(request, problems, saysMode);
  }

  /** What is of the wrong form was cut off, and is not to be called missing as well. */
  private static boolean explains(InputProblem known, RequestProblem problem) {
    return problem.path().equals(known.path())
        || problem.path().startsWith(known.path() + ".")
        || problem.path().startsWith(known.path() + "[");
  }
}
