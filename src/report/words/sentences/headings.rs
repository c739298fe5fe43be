//! What stands above the columns of tables that several sections have?

use super::Say;

/// Columns.
#[expect(missing_docs, reason = "each is named after what it says")]
impl Say {
    pub fn source_heading(self) -> &'static str {
        self.pick("Bron", "Source")
    }

    pub fn rows_heading(self) -> &'static str {
        self.pick("Rijen", "Rows")
    }

    pub fn covered_heading(self) -> &'static str {
        self.pick("Gegevens over", "Data for")
    }

    pub fn blank_heading(self) -> &'static str {
        self.pick("Zonder antwoord", "Left blank")
    }

    pub fn response_heading(self) -> &'static str {
        self.pick("Respons", "Response")
    }

    pub fn owner_heading(self) -> &'static str {
        self.pick("Eigenaar", "Owner")
    }

    pub fn importance_heading(self) -> &'static str {
        self.pick("Belang", "Importance")
    }

    pub fn performance_heading(self) -> &'static str {
        self.pick("Prestatie", "Performance")
    }

    pub fn period_heading(self) -> &'static str {
        self.pick("Periode", "Period")
    }

    pub fn total_heading(self) -> &'static str {
        self.pick("Totaal", "Total")
    }

    pub fn value_heading(self) -> &'static str {
        self.pick("Waarde", "Value")
    }
}
