package org.hpyve.context.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.python.core.PySystemState;

/** What is due reaches the mailbox of an interpreter that nobody runs. */
class HomeTest {

    private static Home home() {
        PySystemState.initialize();
        return new Home(new PySystemState());
    }

    @Test
    void itIsInTheMailboxOnce() {
        Home home = home();
        List<Runnable> mailbox = new ArrayList<>();
        home.post(() -> {});
        home.setMailbox(mailbox::add);
        home.post(() -> {});
        home.post(() -> {});
        assertThat(mailbox).hasSize(1);
        mailbox.remove(0).run();
        home.post(() -> {});

        assertThat(mailbox).hasSize(1);
    }

    @Test
    void aMailboxThatHadNoMemoryForItIsAskedAgain() {
        Home home = home();
        home.setMailbox(work -> {
            throw new OutOfMemoryError("not really");
        });
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> home.post(() -> {})).isInstanceOf(OutOfMemoryError.class);
        }
    }
}
