package com.matih.tenantmigration.workflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.temporal.common.converter.DefaultDataConverter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanFindingsTest {

  @Test
  void whatAStoreIsRefusedForStaysReadableAndFarBelowWhatTemporalTakes() {
    List<Refusal> refusals = new ArrayList<>();
    List<Warning> warnings = new ArrayList<>();
    String reason = "ß".repeat(100_000);
    String remedy = "x".repeat(5_000);
    for (int i = 0; i < 20_000; i++) {
      refusals.add(new Refusal("postgres", "t" + i, reason, remedy));
      warnings.add(new Warning("postgres", "t" + i, "short"));
    }

    PlanFindings told = new PlanFindings(StoresSummary.NONE, refusals, warnings).told(text -> text);

    assertThat(told.refusals()).hasSizeLessThan(200);
    assertThat(told.refusals().get(0).reason()).hasSize(2_049).endsWith("…");
    assertThat(told.refusals().get(told.refusals().size() - 1).object())
        .isEqualTo("and %,d more".formatted(20_000 - told.refusals().size() + 1));
    assertThat(told.warnings()).hasSize(201);
    assertThat(told.warnings().get(200).object()).isEqualTo("and 19,800 more");
    assertThat(
            DefaultDataConverter.newDefaultInstance()
                .toPayload(told)
                .orElseThrow()
                .getSerializedSize())
        .isLessThan(256 * 1024);
  }

  @Test
  void ofManyThingsLeftBehindTheFirstAreListedAndTheOthersCounted() {
    List<LeftBehind> leftBehind = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      leftBehind.add(new LeftBehind("postgres", "t" + i, 2, "nobody's rows", "Set nobodysRows."));
    }

    List<LeftBehind> told =
        new PlanFindings(StoresSummary.NONE, List.of(), List.of(), leftBehind, List.of())
            .told(text -> text)
            .leftBehind();

    assertThat(told).hasSize(201);
    assertThat(told.get(200).object()).isEqualTo("and 19,800 more");
    assertThat(told.get(200).count()).isEqualTo(2 * 19_800);
    leftBehind.set(
        19_999, new LeftBehind("postgres", "huge", LeftBehind.UNKNOWN, "not counted", "Count it."));
    assertThat(
            new PlanFindings(StoresSummary.NONE, List.of(), List.of(), leftBehind, List.of())
                .told(text -> text)
                .leftBehind()
                .get(200)
                .count())
        .isEqualTo(LeftBehind.UNKNOWN);
  }

  @Test
  void findingsThatAnEarlierReleaseRecordedLeaveNothingBehind() throws Exception {
    String recorded = "{\"stores\":{},\"refusals\":[],\"warnings\":[]}";

    assertThat(new ObjectMapper().readValue(recorded, PlanFindings.class).leftBehind()).isEmpty();
  }

  @Test
  void ofManyTablesTopicsAndIndicesTheFirstAreNamedAndTheOthersAddedUp() {
    List<StoresSummary.Table> tables = new ArrayList<>();
    List<StoresSummary.Topic> topics = new ArrayList<>();
    List<StoresSummary.Index> indices = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      tables.add(new StoresSummary.Table("public.t" + i, 2, 3));
      topics.add(new StoresSummary.Topic("t" + i, 5));
      indices.add(new StoresSummary.Index("i" + i, 7));
    }
    StoresSummary moves =
        new StoresSummary(
            new StoresSummary.Postgres(tables),
            null,
            new StoresSummary.Kafka(topics, 1),
            new StoresSummary.Elasticsearch(indices),
            null);

    PlanFindings told = new PlanFindings(moves, List.of(), List.of()).told(text -> text);

    List<StoresSummary.Table> toldTables = told.stores().postgres().tables();
    assertThat(toldTables).hasSizeBetween(1_000, 3_000);
    assertThat(toldTables.get(0)).isEqualTo(tables.get(0));
    assertThat(toldTables.get(toldTables.size() - 1).table())
        .isEqualTo("and %,d more tables".formatted(20_000 - toldTables.size() + 1));
    assertThat(toldTables.stream().mapToLong(StoresSummary.Table::rows).sum()).isEqualTo(40_000);
    assertThat(toldTables.stream().mapToLong(StoresSummary.Table::bytes).sum()).isEqualTo(60_000);
    assertThat(told.stores().kafka().topics().stream().mapToLong(t -> t.records()).sum())
        .isEqualTo(100_000);
    assertThat(told.stores().elasticsearch().indices().stream().mapToLong(i -> i.documents()).sum())
        .isEqualTo(140_000);
    assertThat(
            DefaultDataConverter.newDefaultInstance()
                .toPayload(told)
                .orElseThrow()
                .getSerializedSize())
        .isLessThan(512 * 1024);
  }

  @Test
  void whatIsFewAndShortIsToldAsItIs() {
    PlanFindings findings =
        new PlanFindings(
            StoresSummary.NONE,
            List.of(new Refusal("kafka", "a", "b", "c")),
            List.of(new Warning("kafka", "a", "b")));

    assertThat(findings.told(text -> text)).isEqualTo(findings);
  }
}
