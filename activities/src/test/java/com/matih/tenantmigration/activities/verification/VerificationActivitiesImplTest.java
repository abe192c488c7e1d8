package com.matih.tenantmigration.activities.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.activity.VerificationActivities;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VerificationActivitiesImplTest {

  private final List<Check> all =
      Stream.of(CheckName.values()).<Check>map(name -> new Named(name)).toList();

  @Test
  void everyCheckOfTheContractHasAMethodOfItsOwn() {
    assertThat(VerificationActivities.class.getDeclaredMethods())
        .hasSize(CheckName.values().length);
    assertThat(new VerificationActivitiesImpl(all)).isNotNull();
  }

  @Test
  void checksThatNoClassMakesAreAllNamedAtTheStart() {
    assertThatThrownBy(() -> new VerificationActivitiesImpl(all.subList(0, 12)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SOURCE_QUIET, API_HEALTH");
  }

  @Test
  void aCheckThatIsThereTwiceIsAnError() {
    List<Check> twice = new ArrayList<>(all);
    twice.add(new Named(CheckName.ROW_COUNT));

    assertThatThrownBy(() -> new VerificationActivitiesImpl(twice))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ROW_COUNT");
  }

  private record Named(CheckName name) implements Check {
    @Override
    public Finding run(MigrationContext context, ProgressMonitor monitor) {
      return Finding.notApplicable("only a name");
    }
  }
}
