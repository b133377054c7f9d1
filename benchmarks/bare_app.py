"""The smallest reasonable Textual app with a table: the floor under every figure of start-up time."""

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Footer, Header, Input


class BareApp(App[None]):
    """Header, table, input, footer."""

    CSS = "DataTable { height: 1fr; }"

    def compose(self) -> ComposeResult:
        """The four widgets."""
        yield Header()
        yield DataTable(cursor_type="row")
        yield Input()
        yield Footer()

    def on_mount(self) -> None:
        """Fifty rows."""
        table: DataTable[str] = self.query_one(DataTable)
        table.add_columns("model", "provider", "context")
        for number in range(50):
            table.add_row(f"model-{number:03}", f"provider-{number % 7}", f"{number:,}")


if __name__ == "__main__":
    BareApp().run()
