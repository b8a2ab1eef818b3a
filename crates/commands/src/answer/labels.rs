//! Labels: which there are, and putting them on threads.

use baton_core::store::ThreadId;
use baton_protocol::label;

use super::rows::label_id;
use super::{Answer, Answering, errors};
use crate::contract::labels::{DefineLabel, LabelName, LabelView, LabelsView, SetLabel};

impl Answering {
    pub(crate) async fn labels(&self, (): ()) -> Answer<LabelsView> {
        let labels = self.desk().labels().await.map_err(errors::of_desk)?;
        let views = labels.labels.into_iter().map(|row| LabelView {
            id: row.label.to_string(),
            name: row.name,
            colour: row.colour,
        });
        Ok(LabelsView {
            labels: views.collect(),
            may_define: labels.may_define,
            name_max: u32::try_from(label::NAME_CHARS).unwrap_or(u32::MAX),
            most: u32::try_from(label::MOST).unwrap_or(u32::MAX),
        })
    }

    pub(crate) async fn define_label(&self, asked: DefineLabel) -> Answer<LabelsView> {
        let label = asked.label.as_deref().map(label_id).transpose()?;
        self.desk().define_label(label, &asked.name, &asked.colour).await.map_err(errors::of_desk)?;
        self.labels(()).await
    }

    pub(crate) async fn remove_label(&self, asked: LabelName) -> Answer<LabelsView> {
        self.desk().remove_label(label_id(&asked.label)?).await.map_err(errors::of_desk)?;
        self.labels(()).await
    }

    pub(crate) async fn set_label(&self, asked: SetLabel) -> Answer<()> {
        let label = label_id(&asked.label)?;
        self.desk().set_label(ThreadId(asked.thread.0), label, asked.on).await.map_err(errors::of_desk)
    }
}
