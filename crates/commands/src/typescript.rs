//! Writes the contract as one TypeScript file: every type, and the map of commands.

use ts_rs::TS;

use crate::contract::account::{
    AccountFact, AccountFactKind, AccountFactState, AccountName, CountAnswers, EvidenceFile, KnownAppView,
    RemovalView, RemovedView, RenameApp,
};
use crate::contract::alerts::{
    AlertKind, AlertSettings, AlertSwitch, AlertTrial, AlertsView, DesktopAlerts, LookAt, QuietView, SetQuiet,
};
use crate::contract::attachment::{
    AttachmentView, BoughtView, ButtonDoes, CardButton, CardView, HiddenWhy, MediaContent, MediaKind,
    MediaName, MediaNow, MediaState, MediaView, MoneyView, OpenOutside, ReceiptView, Saved, SetVault,
    SharedKind, SumKind, SumView, VaultView,
};
use crate::contract::board::{
    BoardAccount, BoardAgent, BoardAgents, BoardColumn, BoardOf, BoardRow, BoardSort, BoardStatus, BoardView,
    BoardWindow, BoardWork, ReadBoard, ReadBoardAgents, ReadColumn,
};
use crate::contract::canned::{CannedReplies, CannedReply, SetCannedReply};
use crate::contract::composer::{
    AttachFile, ComposerState, NotLeft, PartName, PartPress, PassTarget, PutAside, RemoveFile, SaveDraft,
    Seen, SendMode, SendReceipt, SendReply, Setback, SetbackKind, TakesFiles, TextLimit, TextUnit, Verdict,
};
use crate::contract::error::{CommandError, CommandErrorCode};
use crate::contract::happened::{
    AnswerView, CameByView, CameView, CrossedView, EarlierView, HappenedView, PressedView, QuoteView,
    StoryView,
};
use crate::contract::history::{HistoryStateView, HistoryView, PauseHistory};
use crate::contract::labels::{
    DefineLabel, LabelName, LabelState, LabelView, LabelsView, SetLabel, ThreadLabelView,
};
use crate::contract::login::{BeginLogin, ConnectGranted, GrantedView, LoginFailureView, LoginView};
use crate::contract::many::{
    BeforeView, HinderedThread, Hindrance, Many, ManyAct, ManyDone, ManyOutcome, ManyPreview, ManyUndone,
    OutcomeView, ThreadBefore, UndoMany,
};
use crate::contract::note::{
    AddNote, Escalate, GiveThread, Member, Members, MentionView, NoteDraft, NoteReceipt, RemoveNote,
    SaveNoteDraft, SetUrgent,
};
use crate::contract::notice::Notice;
use crate::contract::opening::{OpeningStepView, OpeningView};
use crate::contract::people::{
    CutOffStageView, CutOffView, DeskName, DeskState, ErasingView, ErasureDeskView, ErasureView,
    InviteFaultView, InviteLineView, InviteName, InviteShown, InviteText, InvitesChecked, InvitesFile,
    MakeInvite, OpenInviteView, PeopleAccount, PeopleView, PersonDeskView, PersonRole, RenameAgent, SetRole,
    TeamPerson,
};
use crate::contract::presence::{
    Doing, OnScreen, PersonView, PresenceState, PresenceView, SetPresence, Shows,
};
use crate::contract::queue::{
    AgentName, HandedDraftName, HandedDraftView, QueueView, QueueWayView, ReplyWaitsView, ReturnedView,
    ReturningAccountView, ReturningView, SetQueue,
};
use crate::contract::search::{Found, FoundPeople, Search, SearchHit, SearchPeople, SnippetPiece};
use crate::contract::session::{
    AccountView, CheckRelay, Enrol, HumanAgentView, InvitedAccount, PageCheck, PageToken, Phase, Problem,
    ProblemKind, RelayCheck, RoleChangeView, RoleView, RoutingView, Session, SetHandBack, SetHumanAgent,
    SetWaiting, Setting, SettingName, TokenFactsView, TokenView,
};
use crate::contract::status::{
    AccountStatus, DiagnosticFact, Diagnostics, Health, LapsingThread, Layer, NotSentThread, StatusLine,
};
use crate::contract::thread::{
    ActOnControl, AnswerMessage, Assign, Author, HeldLine, HelpView, Item, ItemPage, ItemStretch,
    ItemsAround, ItemsFrom, Mark, MarkSeen, Marked, MessageView, NewerItems, OfferAnswers, OfferLimit,
    OlderItems, PartAct, React, ReactionView, RenameCustomer, SendState, SetStatus, ShowTyping, ThreadName,
    ThreadView,
};
use crate::contract::threads::{
    BlockCustomer, BlockView, ListThreads, NameFrom, PreviewBy, PreviewWhat, Sort, ThreadPage, ThreadRow,
    View, ViewCounts,
};
use crate::contract::views::{SaveView, SavedView, SavedViewName, SavedViews};
use crate::contract::{Channel, ControlAct, Count, Ms, OwnerKind, OwnerView, StatusView, ThreadRef, Words};

macro_rules! declare {
    ($config:ident, $out:ident, $($ty:ty),* $(,)?) => {
        $(
            if let Some(docs) = <$ty as TS>::docs() {
                $out.push_str(docs.trim_end());
                $out.push('\n');
            }
            $out.push_str("export ");
            $out.push_str(&<$ty as TS>::decl($config));
            $out.push_str("\n\n");
        )*
    };
}

macro_rules! command_map {
    ($($(#[$doc:meta])* $name:ident($request:ty) -> $response:ty;)*) => {
        fn commands(config: &ts_rs::Config) -> String {
            let mut out = String::from("/** Every command: what it is asked with and what it answers. */\nexport type Commands = {\n");
            $(
                out.push_str(&format!(
                    "  {}: {{ request: {}; response: {} }};\n",
                    camel(stringify!($name)),
                    <$request as TS>::name(config),
                    <$response as TS>::name(config),
                ));
            )*
            out.push_str("};\n");
            out
        }
    };
}

crate::with_commands!(command_map);

/// `list_threads` as the page writes it: `listThreads`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut out, word| {
        let mut letters = word.chars();
        out.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(letters.as_str());
        out
    })
}

/// The whole contract as TypeScript.
#[must_use]
pub fn contract() -> String {
    let config = &ts_rs::Config::new();
    let mut out = String::from("// Generated from crates/commands by `make contract`. Do not edit.\n\n");
    declare!(
        config,
        out,
        Ms,
        Count,
        ThreadRef,
        Words,
        Channel,
        OwnerKind,
        OwnerView,
        ControlAct,
        StatusView,
        Phase,
        RoleView,
        TokenView,
        TokenFactsView,
        RoutingView,
        HumanAgentView,
        AccountFactKind,
        AccountFactState,
        AccountFact,
        AccountName,
        EvidenceFile,
        HistoryStateView,
        HistoryView,
        PauseHistory,
        RemovalView,
        RemovedView,
        KnownAppView,
        QueueWayView,
        QueueView,
        AccountView,
        ProblemKind,
        Problem,
        CutOffStageView,
        CutOffView,
        Session,
        CheckRelay,
        InvitedAccount,
        RoleChangeView,
        RelayCheck,
        Enrol,
        PageToken,
        PageCheck,
        BeginLogin,
        GrantedView,
        LoginFailureView,
        LoginView,
        ConnectGranted,
        RenameApp,
        CountAnswers,
        SetHandBack,
        SetHumanAgent,
        SetWaiting,
        SetQueue,
        Setting,
        SettingName,
        PersonRole,
        DeskState,
        PersonDeskView,
        TeamPerson,
        PeopleAccount,
        OpenInviteView,
        PeopleView,
        MakeInvite,
        InviteShown,
        InviteText,
        InviteLineView,
        InviteFaultView,
        InvitesChecked,
        InvitesFile,
        InviteName,
        SetRole,
        RenameAgent,
        DeskName,
        AgentName,
        ReturningAccountView,
        ReturningView,
        ReturnedView,
        ErasingView,
        ErasureDeskView,
        ErasureView,
        PresenceState,
        Doing,
        OnScreen,
        PersonView,
        PresenceView,
        SetPresence,
        Shows,
        View,
        Sort,
        ListThreads,
        PreviewBy,
        PreviewWhat,
        NameFrom,
        LabelState,
        ThreadLabelView,
        ReplyWaitsView,
        ThreadRow,
        BlockView,
        BlockCustomer,
        ViewCounts,
        ThreadPage,
        LabelView,
        LabelsView,
        DefineLabel,
        LabelName,
        SetLabel,
        SavedView,
        SavedViews,
        SaveView,
        SavedViewName,
        ManyAct,
        Many,
        Hindrance,
        HinderedThread,
        ManyPreview,
        BeforeView,
        OutcomeView,
        ManyOutcome,
        ManyDone,
        ThreadBefore,
        UndoMany,
        ManyUndone,
        BoardOf,
        BoardSort,
        BoardStatus,
        ReadColumn,
        ReadBoard,
        BoardRow,
        BoardColumn,
        BoardView,
        ReadBoardAgents,
        BoardWork,
        BoardAccount,
        BoardAgent,
        BoardAgents,
        BoardWindow,
        ThreadName,
        Author,
        SendState,
        MediaKind,
        MediaState,
        MediaView,
        ButtonDoes,
        CardButton,
        CardView,
        MoneyView,
        BoughtView,
        SumKind,
        SumView,
        ReceiptView,
        SharedKind,
        HiddenWhy,
        AttachmentView,
        MediaContent,
        MediaName,
        MediaNow,
        OpenOutside,
        Saved,
        VaultView,
        SetVault,
        AnswerView,
        CameByView,
        CameView,
        HappenedView,
        QuoteView,
        StoryView,
        PressedView,
        EarlierView,
        CrossedView,
        PartAct,
        React,
        ReactionView,
        MessageView,
        MentionView,
        Item,
        HeldLine,
        HelpView,
        HandedDraftView,
        HandedDraftName,
        ThreadView,
        OlderItems,
        ItemPage,
        ItemStretch,
        NewerItems,
        OfferAnswers,
        OfferLimit,
        ItemsAround,
        ItemsFrom,
        SnippetPiece,
        SearchHit,
        Search,
        SearchPeople,
        FoundPeople,
        Found,
        ActOnControl,
        AnswerMessage,
        Assign,
        GiveThread,
        Member,
        Members,
        SaveNoteDraft,
        AddNote,
        NoteReceipt,
        RemoveNote,
        SetUrgent,
        Escalate,
        SetStatus,
        ShowTyping,
        Mark,
        Marked,
        MarkSeen,
        RenameCustomer,
        Verdict,
        SendMode,
        TextUnit,
        TextLimit,
        Seen,
        TakesFiles,
        PassTarget,
        NoteDraft,
        ComposerState,
        AttachFile,
        RemoveFile,
        SendReply,
        NotLeft,
        SendReceipt,
        SaveDraft,
        PartName,
        PutAside,
        PartPress,
        SetbackKind,
        Setback,
        CannedReply,
        CannedReplies,
        SetCannedReply,
        Health,
        Layer,
        AccountStatus,
        LapsingThread,
        NotSentThread,
        StatusLine,
        DiagnosticFact,
        Diagnostics,
        AlertKind,
        AlertSwitch,
        AlertSettings,
        QuietView,
        DesktopAlerts,
        AlertsView,
        SetQuiet,
        LookAt,
        AlertTrial,
        Notice,
        OpeningStepView,
        OpeningView,
        CommandErrorCode,
        CommandError,
    );
    out.push_str(&commands(config));
    out
}
